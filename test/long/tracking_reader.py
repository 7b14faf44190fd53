"""Reads a run back with the programs' own packages: JSON {outputDir, project} comes in, what each knows of it goes out."""

import glob
import json
import os
import struct
import sys

BLOCK = 32768


def tensorboard(output_dir):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    [folder] = glob.glob(f"{output_dir}/runs/*")
    events = EventAccumulator(folder, size_guidance={"scalars": 0})
    events.Reload()
    tags = events.Tags()
    scalars = {tag: [[point.step, point.value] for point in events.Scalars(tag)] for tag in tags["scalars"]}
    texts = {tag: events.Tensors(tag)[-1].tensor_proto.string_val[0].decode() for tag in tags["tensors"]}
    return {"scalars": scalars, "texts": texts}


def wandb_records(path):
    """The records of a .wandb file, which is a LevelDB log of wandb's own messages."""
    from wandb.proto.wandb_internal_pb2 import Record

    with open(path, "rb") as file:
        data = file.read()
    assert data[:4] == b":W&B"
    at, record = 7, b""
    while at + 7 <= len(data):
        left = BLOCK - at % BLOCK
        if left < 7:
            at += left
            continue
        _, length, kind = struct.unpack("<IHB", data[at : at + 7])
        record += data[at + 7 : at + 7 + length]
        at += 7 + length
        if kind in (1, 4):
            yield Record.FromString(record)
            record = b""


def wandb(output_dir):
    [path] = glob.glob(f"{output_dir}/wandb/offline-run-*/*.wandb")
    found = {"history": [], "summary": {}, "config": {}, "host": "", "exitCode": None}
    for record in wandb_records(path):
        kind = record.WhichOneof("record_type")
        if kind == "history":
            items = record.history.item
            found["history"].append({item.key or "/".join(item.nested_key): json.loads(item.value_json) for item in items})
        elif kind == "summary":
            for item in record.summary.update:
                found["summary"][item.key or "/".join(item.nested_key)] = json.loads(item.value_json)
        elif kind == "run":
            found["host"] += record.run.host
            for item in record.run.config.update:
                found["config"][item.key or "/".join(item.nested_key)] = json.loads(item.value_json)
        elif kind == "exit":
            found["exitCode"] = record.exit.exit_code
    return found


def trackio(output_dir, project):
    os.environ["TRACKIO_DIR"] = f"{output_dir}/trackio"
    from trackio import Api
    from trackio.sqlite_storage import SQLiteStorage

    [run] = Api().runs(project)
    logs = SQLiteStorage.get_logs(project, run.name, run_id=run.id)
    return {"name": run.name, "config": run.config, "history": logs}


def main():
    given = json.load(sys.stdin)
    output_dir = given["outputDir"]
    found = {
        "tensorboard": tensorboard(output_dir),
        "wandb": wandb(output_dir),
        "trackio": trackio(output_dir, given["project"]),
    }
    json.dump(found, sys.stdout)


main()
