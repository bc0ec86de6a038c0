/** The toolkit's version, as in package.json (a test compares them). */
export const toolkitVersion = '0.1.0';
