/**
 * The base of every error that lib throws on purpose: the message names what was found, what was expected and what to do.
 */
export class LibError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A set of reviews, or a file of them, that cannot be used as it is. */
export class DataError extends LibError {}

/** A model file or configuration that cannot be used as it is. */
export class ModelError extends LibError {}

/** An argument outside what it may be. */
export class ArgumentError extends LibError {}

/** A training run that cannot go on, such as one whose loss is not a number. */
export class TrainingError extends LibError {}

/** A checkpoint that cannot be written, or that a run cannot go on from: damaged, of another run, or missing. */
export class CheckpointError extends LibError {}

/** A run that the reader stopped; what it had made until then is intact. */
export class InterruptedError extends LibError {}

/** An artefact of an earlier notebook that is missing, or was made by another profile, seed or code. */
export class ArtefactError extends LibError {}

/** A model that may not go out, since its diagnosis fails. */
export class DiagnosisError extends LibError {}

/** TensorFlow that is not set up on this machine. */
export class SetupError extends LibError {}
