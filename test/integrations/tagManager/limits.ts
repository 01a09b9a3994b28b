import { type AnyNode, parse } from 'acorn';

/** What sandboxed JavaScript has beyond ECMAScript 5.1, and what the documentation takes away from that. */
const allowed = new Set<AnyNode['type']>([
  'Program',
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'BlockStatement',
  'ExpressionStatement',
  'EmptyStatement',
  'IfStatement',
  'ForStatement',
  'WhileStatement',
  'ReturnStatement',
  'VariableDeclaration',
  'VariableDeclarator',
  'Identifier',
  'Literal',
  'ArrayExpression',
  'ObjectExpression',
  'Property',
  'MemberExpression',
  'CallExpression',
  'ConditionalExpression',
  'LogicalExpression',
  'BinaryExpression',
  'UnaryExpression',
  'UpdateExpression',
  'AssignmentExpression',
]);

/** The methods of built-in types that the sandbox has: developers.google.com/tag-platform/tag-manager/templates/standard-library */
const methods =
  /^(concat|every|filter|forEach|indexOf|join|lastIndexOf|map|pop|push|reduce|reduceRight|reverse|shift|slice|some|sort|splice|unshift|charAt|match|replace|search|split|substring|toLowerCase|toLocaleLowerCase|toUpperCase|toLocaleUpperCase|trim|toString|hasOwnProperty|length)$/;

/** Says what of the code sandboxed JavaScript has not: syntax, globals, `new`, `this`, regular expressions, methods. */
export function findBeyondSandbox(code: string): string[] {
  const found: string[] = [];
  const declared = new Set(['require', 'data', 'undefined']);
  const used = new Set<string>();

  function visit(node: AnyNode): void {
    if (!allowed.has(node.type)) found.push(node.type);
    if (node.type === 'Literal' && 'regex' in node && node.regex) found.push('RegExp');
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier') declared.add(node.id.name);
    if ('params' in node) {
      for (const param of node.params) if (param.type === 'Identifier') declared.add(param.name);
    }
    if (node.type === 'Identifier') used.add(node.name);
    if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') {
      const { object, property } = node.callee;
      const isOurs = object.type === 'Identifier' && object.name === 'data';
      if (property.type === 'Identifier' && !isOurs && !methods.test(property.name)) {
        found.push(`.${property.name}()`);
      }
    }
    for (const [key, child] of Object.entries(node)) {
      // Names of properties are no variables.
      const isName = (key === 'property' || key === 'key') && 'computed' in node && !node.computed;
      if (!isName) for (const each of [child].flat()) if (isNode(each)) visit(each);
    }
  }

  visit(parse(code, { ecmaVersion: 2015, allowReturnOutsideFunction: true }));
  return [...found, ...[...used].filter((name) => !declared.has(name))];
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value;
}
