import { DistilBertForSequenceClassification } from "./lib/src/model/sequence-classification";
import { Tokenizer } from "./lib/src/tokenization/tokenizer";
const folder = process.argv[2]!;
const m = DistilBertForSequenceClassification.fromFolder("data/downloads/encoder", { id2label: {0:"NEGATIVE",1:"POSITIVE"} } as never);
m.savePretrained(folder); Tokenizer.fromFolder("data/downloads/encoder").savePretrained(folder);
