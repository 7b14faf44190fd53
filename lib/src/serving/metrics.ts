import { Counter, Gauge, Histogram, Registry } from "prom-client";

/** What a server counts, each server its own. */
export class ServingMetrics {
  readonly #registry = new Registry();
  readonly requests = new Counter({
    name: "serving_requests_total",
    help: "Requests for a classification that were answered, by HTTP status; 499: the client had gone.",
    labelNames: ["status"],
    registers: [this.#registry],
  });
  readonly texts = this.#counter("serving_texts_total", "Texts that were classified.");
  readonly tokens = this.#counter("serving_tokens_total", "Tokens that the model read, without padding.");
  readonly restarts = this.#counter(
    "serving_model_restarts_total",
    "Model processes that had to be replaced.",
  );
  readonly requestSeconds = new Histogram({
    name: "serving_request_seconds",
    help: "From the arrival of a request's head to its answer, for requests answered with 200.",
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers: [this.#registry],
  });
  readonly passTexts = new Histogram({
    name: "serving_pass_texts",
    help: "Texts of a forward pass.",
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
    registers: [this.#registry],
  });
  readonly passSeconds = new Histogram({
    name: "serving_pass_seconds",
    help: "What a forward pass took, the way to the model's process and back included.",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.#registry],
  });

  /** Adds a number that is looked up whenever somebody asks. */
  watch(name: string, help: string, read: () => number): void {
    new Gauge({
      ...{ name, help, registers: [this.#registry] },
      collect() {
        this.set(read());
      },
    });
  }

  /** Everything in Prometheus' text format, and its content type. */
  async page(): Promise<{ text: string; contentType: string }> {
    return { text: await this.#registry.metrics(), contentType: this.#registry.contentType };
  }

  #counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.#registry] });
  }
}
