import { existsSync } from "node:fs";
import { chromium, type Browser } from "playwright-core";

const BROWSERS = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];
const browserPath = BROWSERS.find((file) => file !== undefined && existsSync(file));
/** Why tests in a browser cannot run here; false where they can. */
export const NO_BROWSER = browserPath ? false : "there is no chromium here";

/** Starts the browser; whoever starts it closes it. */
export function launchChromium(env: NodeJS.ProcessEnv): Promise<Browser> {
  return chromium.launch({
    ...(browserPath ? { executablePath: browserPath } : {}),
    args: ["--no-sandbox"],
    env,
    // who launched it ends it; left to itself, playwright would end this very process, and a server would stay
    handleSIGINT: false,
    handleSIGTERM: false,
  });
}
