import { pretrainedFolder } from "../../../lib/src/hub/pretrained-folder";

// another process that pulls, for a test to kill
const [endpoint = "", cacheDir = "", repo = "", file = ""] = process.argv.slice(2);
void pretrainedFolder(repo, { required: [file] }, { endpoint, cacheDir });
