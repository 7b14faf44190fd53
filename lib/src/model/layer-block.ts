import type { Tensor } from "../runtime/tensor";
import type { Dropout } from "./dropout";
import { addLayerNorm, addLayerNormGradient, passAfter, type DropSite } from "./fused-operations";
import { LAYER_NORM_EPSILON, withGradient } from "./layers";
import type { Precision } from "./precision";

/** Half of a layer: hidden states `[tokens, dim]` and parameters go in, hidden states come out. */
export interface Block {
  /** The value, and what the gradient needs besides the inputs. */
  forward(inputs: Tensor[]): { value: Tensor; kept: Tensor[] };
  /** Gradients of the inputs. */
  gradient(dy: Tensor, inputs: Tensor[], kept: Tensor[]): Tensor[];
}

/** A block as an operation. With `recompute` nothing is kept: the gradient calls the forward pass once more (Chen et al. 2016). */
export function runBlock(block: Block, inputs: Tensor[], recompute: boolean): Tensor {
  const op = withGradient((inputs, save) => {
    const { value, kept } = block.forward(inputs);
    save(recompute ? inputs : [...inputs, ...kept]);
    const gradient = (dy: Tensor, saved: Tensor[]): Tensor[] => {
      const [hidden, ...parameters] = saved.slice(0, inputs.length);
      if (!recompute || !hidden)
        return block.gradient(dy, saved.slice(0, inputs.length), saved.slice(inputs.length));
      const again = [passAfter(hidden, dy), ...parameters];
      return block.gradient(dy, again, block.forward(again).kept);
    };
    return { value, gradient };
  });
  return op(...inputs);
}

/** The layer norm of a sum and its gradient, with what does not change between the two. */
export function sumNorm(drop: DropSite, precision: Precision) {
  const shared = { epsilon: LAYER_NORM_EPSILON, drop, precision };
  return {
    forward: (inputs: Omit<Parameters<typeof addLayerNorm>[0], keyof typeof shared>) =>
      addLayerNorm({ ...inputs, ...shared }),
    gradient: (inputs: Omit<Parameters<typeof addLayerNormGradient>[0], keyof typeof shared>) =>
      addLayerNormGradient({ ...inputs, drop, precision }),
  };
}

/** The next call site of a step's dropout; in evaluation nothing is dropped. */
export function dropSite(dropout: Dropout | undefined, rate: number): DropSite {
  return dropout?.site(rate) ?? { rate: 0, site: 0 };
}
