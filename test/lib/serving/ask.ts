/** A label of a text as the API ranks it. */
export interface Ranked {
  label: string;
  score: number;
}

/** What a server answered: rankings, or an error. */
export interface Answered {
  status: number;
  headers: Headers;
  body: Ranked[][] & { error: string; estimated_time?: number };
}

/** Posts JSON. */
export async function ask(
  url: string,
  body: unknown,
  { headers = {}, signal }: { headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Answered> {
  const response = await fetch(url, {
    ...{ method: "POST", body: JSON.stringify(body), headers },
    ...(signal && { signal }),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answered["body"],
  };
}
