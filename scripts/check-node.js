// Runs before anything is installed: plain JavaScript that any Node understands.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `kol-trainer needs Node 20.19 or newer, this is ${process.versions.node}; install a newer one (https://nodejs.org)\n`,
  );
  process.exit(1);
}
