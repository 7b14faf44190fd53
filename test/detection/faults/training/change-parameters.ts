import { DistilBertForSequenceClassification } from "../../../../lib/src/model/sequence-classification";
import type { SequenceClassificationModel } from "../../../../lib/src/model/sequence-classification-model";
import type { Tensor } from "../../../../lib/src/runtime/tensor";
import { tf } from "../../../../lib/src/runtime/tensorflow";
import type { World } from "../../world";

/** Changes the parameters whose names match, in place. */
export function changeParameters(
  model: SequenceClassificationModel,
  names: RegExp,
  change: (values: Tensor) => Tensor,
): void {
  for (const [name, variable] of model.variables)
    if (names.test(name))
      tf.tidy(() => {
        variable.assign(change(variable.read()));
      });
}

/** A model as it is before training, changed. */
export async function changedNewModel(
  world: World,
  seed: number,
  change: (model: SequenceClassificationModel) => void,
): Promise<SequenceClassificationModel> {
  const model = await world.newModel(seed);
  change(model);
  return model;
}

let spare: SequenceClassificationModel | undefined;

/** Keeps a model for one fault, until the next one keeps another: nobody else frees it. */
export function keepSpare<Model extends SequenceClassificationModel>(model: Model): Model {
  spare?.dispose();
  spare = model;
  return model;
}

/** A copy of the healthy model, changed. */
export async function changedHealthyModel(
  world: World,
  change: (model: SequenceClassificationModel) => void,
): Promise<SequenceClassificationModel> {
  const { folder } = await world.healthyModel();
  const model = keepSpare(await DistilBertForSequenceClassification.fromPretrained(folder));
  change(model);
  return model;
}
