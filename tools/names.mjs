/**
 * Gives every variable of a script another name. Which one is all the same to the browser, but not to brotli,
 * which spends a byte less wherever the same letters come again in the same company. Minifiers count how often
 * a name is used; here the compressed size itself decides.
 */
import { parse } from 'acorn';

/**
 * @typedef {{ parent: Scope | undefined, names: Map<string, Binding> }} Scope
 * @typedef {{ name: string, home: Scope, scopes: Set<Scope>, places: number[] }} Binding
 *   scopes: its own and those through which it is seen where it is used
 * @typedef {{ type: string, start: number, [key: string]: any }} Node
 */

/** @param {unknown} value @returns {value is Node} */
const isNode = (value) => typeof (/** @type {Node} */ (value)?.type) === 'string';

/** @param {Node} node @returns {[string, Node][]} */
const childrenOf = (node) =>
  Object.entries(node).flatMap(([key, value]) =>
    [value]
      .flat()
      .filter(isNode)
      .map((child) => /** @type {[string, Node]} */ ([key, child])),
  );

/** The identifiers that a parameter or the left side of a declaration brings in. @param {Node} pattern @returns {Node[]} */
function declaredBy(pattern) {
  if (pattern.type === 'Identifier') return [pattern];
  if (pattern.type === 'ArrayPattern') return pattern.elements.filter(isNode).flatMap(declaredBy);
  throw new Error(`names.mjs doesn't know ${pattern.type} in a declaration`);
}

/**
 * Finds the variables of a minified script. Throws at syntax that it doesn't know.
 * @param {string} code
 */
export function findVariables(code) {
  /** @type {Binding[]} */
  const bindings = [];
  /** @type {{ at: number, binding: Binding, shorthand: boolean }[]} */
  const places = [];
  /** @param {Scope | undefined} parent @param {Node[]} declared @returns {Scope} */
  const openScope = (parent, declared) => {
    /** @type {Scope} */
    const scope = { parent, names: new Map() };
    for (const { name } of declared) {
      const binding = { name, home: scope, scopes: new Set([scope]), places: [] };
      bindings.push(binding);
      scope.names.set(name, binding);
    }
    return scope;
  };
  /** @param {Node[]} statements */
  const declarationsIn = (statements) =>
    statements
      .filter(({ type }) => type === 'VariableDeclaration')
      .flatMap(({ declarations }) => declarations.flatMap((/** @type {Node} */ { id }) => declaredBy(id)));

  /** @param {Node} node @param {Scope} scope @param {Node} [parent] @param {string} [key] */
  const visit = (node, scope, parent, key) => {
    if (node.type === 'Identifier') {
      const isProperty = parent && !parent.computed && (key === 'property' || key === 'key');
      if (!isProperty) use(node, scope, parent?.type === 'Property' && parent.shorthand);
      return;
    }
    const isFunction = node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression';
    /** @type {Node[]} */
    const parameters = isFunction
      ? node.params
      : node.type === 'CatchClause' && node.param
        ? [node.param]
        : [];
    // The body's own declarations may not take a parameter's name: one scope holds both.
    const isBody = key === 'body' && parent && /Function|Catch/.test(parent.type);
    const statements = isFunction || node.type === 'CatchClause' ? node.body.body : isBody ? [] : node.body;
    const declared = [...parameters.flatMap(declaredBy), ...declarationsIn([statements ?? []].flat())];
    const opens = declared.length || isFunction;
    const inner = opens ? openScope(scope, declared) : scope;
    for (const [name, child] of childrenOf(node)) {
      // A shorthand property is one identifier in two roles.
      if (node.type === 'Property' && node.shorthand && name === 'key') continue;
      visit(child, inner, node, name);
    }
  };
  /** @param {Node} node @param {Scope} from @param {boolean} shorthand */
  const use = (node, from, shorthand) => {
    const through = [];
    /** @type {Scope | undefined} */
    let scope = from;
    for (; scope && !scope.names.has(node.name); scope = scope.parent) through.push(scope);
    const binding = scope?.names.get(node.name);
    if (!binding) return;
    for (const seen of through) binding.scopes.add(seen);
    places.push({ at: node.start, binding, shorthand });
  };

  visit(/** @type {Node} */ (parse(code, { ecmaVersion: 2020 })), openScope(undefined, []));
  places.sort((one, other) => one.at - other.at);
  return { bindings, places };
}

/**
 * The script with other names, in the order in which its variables are declared; undefined where two variables
 * would get into each other's way, or where there are more or fewer names than variables.
 * @param {string} code
 */
export function createRenamer(code) {
  const { bindings, places } = findVariables(code);
  const conflicts = bindings.map((one) =>
    bindings.flatMap((other, index) =>
      one !== other && (one.scopes.has(other.home) || other.scopes.has(one.home)) ? [index] : [],
    ),
  );
  const indexes = new Map(bindings.map((binding, index) => [binding, index]));
  /** @type {string[]} */
  const pieces = [];
  let end = 0;
  for (const { at, binding, shorthand } of places) {
    pieces.push(code.slice(end, at) + (shorthand ? `${binding.name}:` : ''));
    end = at + binding.name.length;
  }
  const rest = code.slice(end);
  return {
    names: bindings.map(({ name }) => name),
    conflicts,
    /** @param {string[]} names */
    rename(names) {
      const clash = names.some((name, index) => conflicts[index]?.some((other) => names[other] === name));
      if (clash || names.length !== bindings.length) return undefined;
      const text = places.map(({ binding }, index) => `${pieces[index]}${names[indexes.get(binding) ?? 0]}`);
      return text.join('') + rest;
    },
  };
}
