/**
 * Gives every variable of a script another name, and its functions another order. Which one is all the same to the
 * browser, but not to brotli, which spends a byte less wherever the same letters come again in the same company.
 * Minifiers count how often a name is used; here the compressed size itself decides.
 */
import { parse } from 'acorn';

/**
 * @typedef {{ parent: Scope | undefined, names: Map<string, Binding> }} Scope
 * @typedef {{ name: string, home: Scope, scopes: Set<Scope>, places: number[] }} Binding
 *   scopes: its own and those through which it is seen where it is used
 * @typedef {{ type: string, start: number, [key: string]: any }} Node
 * @typedef {{ names: string[], order: number[] }} Arrangement
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
 * The functions that the script's first statement declares side by side, each as where it starts and ends. Their
 * order is free, as none of them runs before the last is there.
 * @param {string} code @returns {[number, number][]}
 */
function findFunctions(code) {
  const [block] = /** @type {Node} */ (parse(code, { ecmaVersion: 2020 })).body;
  const [first] = block.body;
  return first.declarations
    .filter((/** @type {Node} */ { init }) => init?.type === 'ArrowFunctionExpression')
    .map((/** @type {Node} */ { start, end }) => [start, end]);
}

/**
 * Arranges the script anew: with other names, in the order in which its variables were declared, and its functions
 * in another order. Undefined where two variables would get into each other's way, or where there are more or fewer
 * names or functions than the script has.
 * @param {string} code
 */
export function createArranger(code) {
  const { bindings, places } = findVariables(code);
  const functions = findFunctions(code);
  const conflicts = bindings.map((one) =>
    bindings.flatMap((other, index) =>
      one !== other && (one.scopes.has(other.home) || other.scopes.has(one.home)) ? [index] : [],
    ),
  );
  const indexes = new Map(bindings.map((binding, index) => [binding, index]));
  /** What stands between two places, with the names in it left open. @param {number} from @param {number} to */
  const createWriter = (from, to) => {
    const inside = places.filter(({ at }) => at >= from && at < to);
    let end = from;
    const pieces = inside.map(({ at, binding, shorthand }) => {
      const piece = code.slice(end, at) + (shorthand ? `${binding.name}:` : '');
      end = at + binding.name.length;
      return { piece, index: indexes.get(binding) ?? 0 };
    });
    const rest = code.slice(end, to);
    /** @param {string[]} names */
    return (names) => pieces.map(({ piece, index }) => piece + names[index]).join('') + rest;
  };
  const [[start] = [0]] = functions;
  const [, end] = functions.at(-1) ?? [0, 0];
  const writeHead = createWriter(0, start);
  const writeFunctions = functions.map(([from, to]) => createWriter(from, to));
  const writeTail = createWriter(end, code.length);
  return {
    /** @type {Arrangement} */
    own: { names: bindings.map(({ name }) => name), order: functions.map((_, index) => index) },
    conflicts,
    /** @param {Arrangement} arrangement */
    arrange({ names, order }) {
      const clash = names.some((name, index) => conflicts[index]?.some((other) => names[other] === name));
      if (clash || names.length !== bindings.length || order.length !== functions.length) return undefined;
      return (
        writeHead(names) + order.map((index) => writeFunctions[index]?.(names)).join() + writeTail(names)
      );
    },
  };
}
