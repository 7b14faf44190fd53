import { whoAmI } from "@huggingface/hub";
import { HubError } from "./hub-error";
import { hubSettings, type HubOptions } from "./hub-options";
import { withHub } from "./hub-session";

/**
 * The name of the token's user (huggingface_hub's `whoami`).
 *
 * @throws HubError if there is no token, the Hub does not know it, or cannot be reached
 */
export async function hubUser(options: HubOptions = {}): Promise<string> {
  const settings = hubSettings(options);
  const { accessToken } = settings;
  if (accessToken === undefined)
    throw new HubError(
      "no-token",
      "HF_TOKEN is not set, and the Hub asks who you are: set it, or run `hf auth login`.",
    );
  const task = { doing: "asking for", repo: { type: "user", name: "of the token" } };
  const { name } = await withHub(task, settings, (session) => whoAmI({ ...session, accessToken }));
  return name;
}
