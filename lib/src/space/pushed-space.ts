import { PushedRepo } from "../hub/pushed-repo";
import type { TableSpec } from "../runtime/presentation";

/** What a push of a Space left on a Hub, as a table of files with the address to open. */
export class PushedSpace extends PushedRepo {
  /** The Space's page on the Hub. */
  readonly url: string;
  /** Where it runs by itself, if the Hub says so: a static Space does at once. */
  readonly host: string | undefined;
  /** Namespace and name of the model that it shows. */
  readonly model: string;

  constructor(pushed: PushedRepo, space: { url: string; host: string | undefined; model: string }) {
    super(pushed);
    this.url = space.url;
    this.host = space.host;
    this.model = space.model;
  }

  override present(): TableSpec {
    const { url, host, model } = this;
    const runs = host === undefined ? "" : `; it runs at ${host}`;
    return { ...super.present(), note: `The Space shows ${model}. Its page: ${url}${runs}.` };
  }
}
