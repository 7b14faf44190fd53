import { whoAmI } from "@huggingface/hub";
import { hubSettings, type HubOptions } from "./hub-options";
import { requiredToken, withHub } from "./hub-session";

/**
 * The name of the token's user (huggingface_hub's `whoami`).
 *
 * @throws HubError if there is no token, the Hub does not know it, or cannot be reached
 */
export async function hubUser(options: HubOptions = {}): Promise<string> {
  const settings = hubSettings(options);
  const accessToken = requiredToken(settings, ", and the Hub asks who you are");
  const task = { doing: "asking for", repo: { type: "user", name: "of the token" } };
  const { name } = await withHub(task, settings, (session) => whoAmI({ ...session, accessToken }));
  return name;
}
