import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import ts from 'typescript';

/** One import, re-export or dynamic import of a module of the same tree. */
export interface Import {
  /** The importing file, relative to the root, with forward slashes. */
  readonly from: string;
  readonly to: string;
  /** Gone after compilation. */
  readonly typeOnly: boolean;
}

/** What the rules of the architecture need to know of one file. */
export interface SourceModule {
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /** Packages and Node's own modules, as they are written. */
  readonly packages: readonly string[];
  readonly exportsStar: boolean;
  readonly readsEnvironment: boolean;
}

/** Reads every TypeScript file below `root`. */
export function readModules(root: string): SourceModule[] {
  return (
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      // AssemblyScript is another language under the same ending.
      .filter((entry) => !entry.parentPath.split(sep).includes('assembly'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => parseModule(relative(root, file).split(sep).join('/'), readFileSync(file, 'utf8')))
  );
}

/** Reads one file, given as text. */
export function parseModule(path: string, text: string): SourceModule {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const packages: string[] = [];
  let exportsStar = false;
  let readsEnvironment = false;

  function add(specifier: ts.Node, typeOnly: boolean): void {
    if (!ts.isStringLiteralLike(specifier)) return;
    const name = specifier.text;
    if (!name.startsWith('.')) {
      packages.push(name);
      return;
    }
    const to = posix.join(posix.dirname(path), name).replace(/\.js$/, '.ts');
    imports.push({ from: path, to, typeOnly });
  }

  function visit(node: ts.Node): void {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, isTypeOnlyImport(node));
      const bindings = node.importClause?.namedBindings;
      const process =
        ts.isStringLiteral(node.moduleSpecifier) && /^(node:)?process$/.test(node.moduleSpecifier.text);
      if (process && bindings !== undefined && ts.isNamedImports(bindings)) {
        readsEnvironment ||= bindings.elements.some(
          (element) => (element.propertyName ?? element.name).text === 'env',
        );
      }
    } else if (ts.isExportDeclaration(node)) {
      exportsStar ||= node.exportClause === undefined || ts.isNamespaceExport(node.exportClause);
      if (node.moduleSpecifier) add(node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false);
    } else if (isProcess(node)) {
      readsEnvironment ||= readsEnv(node.parent, node);
    }
    ts.forEachChild(node, visit);
  }
  visit(file);
  return { path, lines: text.split('\n').length - 1, imports, packages, exportsStar, readsEnvironment };
}

function isTypeOnlyImport({ importClause }: ts.ImportDeclaration): boolean {
  if (importClause === undefined) return false;
  if (importClause.isTypeOnly) return true;
  const bindings = importClause.namedBindings;
  const allTypes =
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.every((element) => element.isTypeOnly);
  return importClause.name === undefined && allTypes;
}

function isProcess(node: ts.Node): node is ts.Identifier {
  return ts.isIdentifier(node) && node.text === 'process';
}

/** `process.env`, `process['env']` and `const { env } = process`. */
function readsEnv(parent: ts.Node, process: ts.Identifier): boolean {
  if (ts.isPropertyAccessExpression(parent))
    return parent.expression === process && parent.name.text === 'env';
  if (ts.isElementAccessExpression(parent)) {
    return ts.isStringLiteralLike(parent.argumentExpression) && parent.argumentExpression.text === 'env';
  }
  if (ts.isVariableDeclaration(parent) && ts.isObjectBindingPattern(parent.name)) {
    return parent.name.elements.some((element) => (element.propertyName ?? element.name).getText() === 'env');
  }
  return false;
}

/** The import cycles: each as the files on it, every file of a tangle in one list. Tarjan 1972. */
export function importCycles(modules: readonly SourceModule[]): string[][] {
  const targets = new Map(modules.map((module) => [module.path, module.imports.map(({ to }) => to)]));
  const order = new Map<string, number>();
  const open: string[] = [];
  const cycles: string[][] = [];

  function connect(path: string): number {
    order.set(path, order.size);
    let lowest = order.size - 1;
    open.push(path);
    for (const to of targets.get(path) ?? []) {
      if (!targets.has(to)) continue;
      if (!order.has(to)) lowest = Math.min(lowest, connect(to));
      else if (open.includes(to)) lowest = Math.min(lowest, order.get(to) ?? 0);
    }
    if (lowest === order.get(path)) {
      const members = open.splice(open.indexOf(path));
      if (members.length > 1 || targets.get(path)?.includes(path)) cycles.push(members.sort());
    }
    return lowest;
  }
  for (const { path } of modules) if (!order.has(path)) connect(path);
  return cycles;
}
