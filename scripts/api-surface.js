// What src/index.ts exports, as the TypeScript compiler sees it: kinds, signatures, docstrings and members.
import { fileURLToPath } from 'node:url';
import { relative } from 'node:path';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @typedef {object} Member
 * @property {string} name
 * @property {string} type as written in the source
 * @property {string} text its docstring; '' where there is none
 */

/**
 * @typedef {object} Export
 * @property {string} name
 * @property {'function' | 'class' | 'interface' | 'type' | 'value'} kind
 * @property {string} file relative to the repository
 * @property {string} signature
 * @property {string} text its docstring; '' where there is none
 * @property {{ tag: string, text: string }[]} tags
 * @property {Member[]} members
 */

/** @returns {Map<string, Export[]>} by the headings of src/index.ts */
export function apiSurface() {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: ['src/index.ts'] }, ts.sys, root);
  const program = ts.createProgram([`${root}src/index.ts`], options);
  const checker = program.getTypeChecker();
  const index = program.getSourceFile(`${root}src/index.ts`);
  const sections = new Map();
  let heading = '';
  for (const statement of index.statements) {
    if (!ts.isExportDeclaration(statement)) continue;
    const comments = ts.getLeadingCommentRanges(index.text, statement.pos) ?? [];
    if (comments.length > 0) heading = index.text.slice(comments.at(-1).pos + 2, comments.at(-1).end).trim();
    const exported = statement.exportClause.elements.map(({ name }) =>
      describe(checker.getSymbolAtLocation(name), name.text, checker),
    );
    sections.set(heading, [...(sections.get(heading) ?? []), ...exported]);
  }
  return sections;
}

function describe(alias, name, checker) {
  const symbol = alias.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(alias) : alias;
  const declarations = symbol.getDeclarations() ?? [];
  return {
    name,
    kind: kindOf(declarations[0]),
    file: relative(root, declarations[0].getSourceFile().fileName),
    signature: declarations.map((declaration) => signatureOf(declaration)).join('\n'),
    text: textOf(symbol, checker),
    tags: symbol
      .getJsDocTags(checker)
      .map((tag) => ({ tag: tag.name, text: ts.displayPartsToString(tag.text) })),
    members: declarations.flatMap((declaration) => membersOf(declaration, checker)),
  };
}

function textOf(symbol, checker) {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
}

function kindOf(node) {
  if (ts.isFunctionDeclaration(node)) return 'function';
  if (ts.isClassDeclaration(node)) return 'class';
  if (ts.isInterfaceDeclaration(node)) return 'interface';
  return ts.isTypeAliasDeclaration(node) ? 'type' : 'value';
}

/** The declaration without its body, its members and its docstring. */
function signatureOf(node) {
  const source = node.getSourceFile().text;
  const until = (part) => source.slice(node.getStart(), part).replace(/\s*\{?\s*$/, '');
  if (ts.isFunctionDeclaration(node)) return until(node.body ? node.body.getStart() : node.end);
  if (ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)) return until(node.members.pos);
  if (ts.isTypeAliasDeclaration(node)) return node.getText();
  const value = ts.isVariableDeclaration(node) ? node.initializer : undefined;
  if (value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)))
    return `const ${source.slice(node.getStart(), value.body.getStart()).replace(/\s*\{?\s*$/, '')}`;
  return `const ${node.name.getText()}${node.type ? `: ${node.type.getText()}` : ''}`;
}

/** What one may read of it: properties, methods, entries of a constant of functions. */
function membersOf(node, checker) {
  // A constant of a named type is documented there.
  const value = ts.isVariableDeclaration(node) && !node.type ? unwrapped(node.initializer) : undefined;
  const members =
    ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node)
      ? node.members
      : ts.isTypeAliasDeclaration(node) && ts.isTypeLiteralNode(node.type)
        ? node.type.members
        : value && ts.isObjectLiteralExpression(value)
          ? value.properties
          : [];
  return members
    .filter((member) => member.name && !ts.isPrivateIdentifier(member.name))
    .filter((member) => !(ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private))
    .map((member) => ({
      name: member.name.getText(),
      type: memberType(member),
      text: textOf(checker.getSymbolAtLocation(member.name), checker),
    }));
}

/** The object of `Object.freeze({…})` and `{…} as const`. */
function unwrapped(node) {
  if (node && ts.isAsExpression(node)) return unwrapped(node.expression);
  if (node && ts.isCallExpression(node) && node.expression.getText() === 'Object.freeze')
    return unwrapped(node.arguments[0]);
  return node;
}

function memberType(member) {
  const text = member.getText();
  const body = member.body ? text.slice(0, member.body.getStart() - member.getStart()) : text;
  return body
    .replace(/[;,]\s*$/, '')
    .replace(/\s+/g, ' ')
    .trim();
}
