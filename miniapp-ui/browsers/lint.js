/**
 * An ESLint rule: no member of a builtin is used that some supported browser lacks. eslint-plugin-compat sees globals and what
 * can be told from a name alone; this one asks TypeScript whose member it is, and so sees `AbortSignal.timeout` and
 * `element.checkVisibility()`.
 *
 * What is used under a guard says so beside it, with `eslint-disable-next-line` and the reason.
 */
import ts from "typescript";

import { newerThanSupported } from "./newer.js";
import { feature } from "./supported.js";

/**
 * What typescript-eslint's parser lends to rules.
 * @typedef {{
 *   program: import("typescript").Program,
 *   esTreeNodeToTSNodeMap: { get(node: object): import("typescript").Node },
 * }} Services
 */

/** By name, where it is newer. */
const newer = new Map(newerThanSupported().map(({ path, member, on }) => [[...path, member].join("."), on]));

/** @type {import("eslint").Rule.RuleModule} */
export const noNewer = {
  meta: {
    type: "problem",
    docs: { description: "No member that some supported browser lacks" },
    messages: { newer: "{{name}} is not in every supported browser (package.json, browserslist)" },
    schema: [],
  },
  create(context) {
    /** @type {unknown} */
    const lent = context.sourceCode.parserServices;
    const services = /** @type {Services} */ (lent);
    const checker = services.program.getTypeChecker();
    return {
      MemberExpression(node) {
        if (node.computed || node.property.type !== "Identifier") return;
        const member = node.property.name;
        const symbol = checker.getSymbolAtLocation(services.esTreeNodeToTSNodeMap.get(node.property));
        const owners = (symbol?.declarations ?? []).slice(0, 1).flatMap(ownerOf);
        for (const { owner, on } of owners) {
          const name = `${owner}.${member}`;
          const where = newer.get(name);
          if (where === on || where === "both") context.report({ node, messageId: "newer", data: { name } });
        }
      },
    };
  },
};

/**
 * The builtin that declares a member: the interface, or the variable with its constructor.
 * @param {import("typescript").Declaration} declaration
 * @returns {{ owner: string, on: "itself" | "prototype" }[]}
 */
function ownerOf(declaration) {
  // Our own types may be called like anything.
  if (!/[\\/]lib\.[^\\/]+\.d\.ts$/.test(declaration.getSourceFile().fileName)) return [];
  const place = declaration.parent;
  if (ts.isInterfaceDeclaration(place)) return [{ owner: named(place.name.text), on: "prototype" }];
  if (ts.isTypeLiteralNode(place) && ts.isVariableDeclaration(place.parent)) {
    return [{ owner: place.parent.name.getText(), on: "itself" }];
  }
  return [];
}

/**
 * As MDN's data call it: TypeScript has an interface for what is static.
 * @param {string} name
 */
function named(name) {
  const whole = name.replace(/Constructor$/, "");
  return feature("javascript", "builtins", whole) === undefined ? name : whole;
}
