import type * as TypeScript from "@tslab/typescript-for-tslab";

type VisitEachChild = typeof TypeScript.visitEachChild;
type CreateWatchProgram = typeof TypeScript.createWatchProgram;

/** The two functions of the compiler that are replaced. */
export interface PropertyNameAware {
  readonly createWatchProgram: CreateWatchProgram;
  readonly visitEachChild: VisitEachChild;
}

/**
 * Lets a cell write `{ model }` and `const { rate: mine } = args` where `model` and `args` are variables of earlier cells.
 *
 * tslab rewrites the variables of earlier cells to `exports.model`, and asks the type checker for the symbol at a name to
 * know them. In a shorthand that is the new property and not the variable, so stock tslab fails with "model is not defined".
 * In a destructuring pattern it is the property `rate`, which an earlier cell declared as well, so stock tslab rewrites it,
 * and fails with "Identifier 'exports' has already been declared".
 */
export function withPropertyNames(original: typeof TypeScript): PropertyNameAware {
  let programOf: (() => TypeScript.Program) | undefined;
  const createWatchProgram = (host: Parameters<CreateWatchProgram>[0]): ReturnType<CreateWatchProgram> => {
    const watch = original.createWatchProgram(host);
    programOf = () => watch.getProgram().getProgram();
    return watch;
  };
  const visitEachChild = (...parts: Parameters<VisitEachChild>): TypeScript.Node | undefined => {
    const [node, visitor] = parts as readonly [TypeScript.Node, TypeScript.Visitor, ...unknown[]];
    if (!programOf) return original.visitEachChild(...parts);
    answerForVariables(original, programOf().getTypeChecker());
    if (!original.isShorthandPropertyAssignment(node)) return original.visitEachChild(...parts);
    const value = visitor(node.name);
    if (value === node.name) return node;
    return original.factory.createPropertyAssignment(node.name.text, value as TypeScript.Expression);
  };
  return {
    createWatchProgram: createWatchProgram as CreateWatchProgram,
    visitEachChild,
  };
}

const patched = new WeakSet<TypeScript.TypeChecker>();

/** Makes a type checker answer for the variable where it is asked for the name of a property. */
function answerForVariables(typescript: typeof TypeScript, checker: TypeScript.TypeChecker): void {
  if (patched.has(checker)) return;
  patched.add(checker);
  const getSymbolAtLocation = checker.getSymbolAtLocation.bind(checker);
  checker.getSymbolAtLocation = (node) => {
    const { parent } = node as { parent?: TypeScript.Node };
    if (!parent) return getSymbolAtLocation(node);
    if (typescript.isShorthandPropertyAssignment(parent) && parent.name === node)
      return checker.getShorthandAssignmentValueSymbol(parent);
    if (typescript.isBindingElement(parent) && parent.propertyName === node) return undefined;
    return getSymbolAtLocation(node);
  };
}
