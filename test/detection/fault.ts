import type { Subject } from "../../lib/src/diagnosis/subject";
import type { World } from "./world";

/** How plain a fault is; a marginal one may well be missed, and is reported as it is. */
export const STRENGTHS = ["strong", "middle", "marginal"] as const;
export type Strength = (typeof STRENGTHS)[number];

/** One way of going wrong that a check must see. */
export interface Fault {
  /** Name of the check that must catch it. */
  readonly check: string;
  /** What is wrong, such as "sorted by label". */
  readonly kind: string;
  readonly strength: Strength;
  /** How much of it, such as "blocks of 50". */
  readonly detail: string;
  /** A subject with this fault and, as far as possible, no other; equal for equal seeds. */
  readonly make: (world: World, seed: number) => Subject | Promise<Subject>;
}

/** The same kind of fault in three strengths. */
export function faultsOf<Amount>(params: {
  check: string;
  kind: string;
  /** An amount and its words for each strength. */
  strengths: Readonly<Record<Strength, readonly [amount: Amount, detail: string]>>;
  make: (world: World, seed: number, amount: Amount) => Subject | Promise<Subject>;
}): Fault[] {
  const { check, kind, strengths, make } = params;
  return STRENGTHS.map((strength) => {
    const [amount, detail] = strengths[strength];
    return { check, kind, strength, detail, make: (world, seed) => make(world, seed, amount) };
  });
}
