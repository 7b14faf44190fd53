"""Pushes to a Hub with Python's huggingface_hub, pulls it back and compares: `hub_client.py NAMESPACE/NAME`.

HF_ENDPOINT and HF_TOKEN say where and who; HF_HUB_DISABLE_XET=1 must be set before this starts, for an embedded Hub has no Xet.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from datasets import Dataset, DatasetDict, get_dataset_split_names, load_dataset
from huggingface_hub import HfApi, ModelCard, hf_hub_download, snapshot_download
from huggingface_hub.errors import (
    EntryNotFoundError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

CARD = "---\nlicense: apache-2.0\npipeline_tag: text-classification\nlibrary_name: transformers\n---\n# A model\n"


def write_files(folder: Path, version: int) -> dict[str, bytes]:
    """A model's files, with bytes that no other version has; the large one is more than one network buffer."""
    files = {
        "README.md": CARD.encode(),
        "config.json": b'{"version": %d}\n' % version,
        "nested/notes on a file.txt": b"with spaces\n",
        "empty.txt": b"",
        "model.safetensors": bytes([version]) * 3_000_000 + os.urandom(16),
    }
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return files


def pulled(repo_id: str, revision: str, cache: Path) -> dict[str, bytes]:
    """What an empty cache holds after pulling a revision, without .gitattributes."""
    root = Path(snapshot_download(repo_id, revision=revision, cache_dir=cache))
    files = [path for path in root.rglob("*") if path.is_file() and path.name != ".gitattributes"]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def refused(error: type[Exception], call, *args, **kwargs) -> Exception:
    """The error with which a call is refused."""
    try:
        call(*args, **kwargs)
    except error as refusal:
        assert os.environ["HF_TOKEN"] not in str(refusal)
        return refusal
    raise AssertionError(f"{call.__name__} was not refused")


def push_and_pull(api: HfApi, repo_id: str, folder: Path) -> None:
    """Two versions, each a tag, come back as they were."""
    api.create_repo(repo_id)
    api.create_repo(repo_id, exist_ok=True)
    first = write_files(folder / "model", 1)
    api.upload_folder(repo_id=repo_id, folder_path=folder / "model", commit_message="version 1")
    api.create_tag(repo_id, tag="v1", tag_message="the first")
    second = write_files(folder / "model", 2)
    (folder / "model" / "config.json").unlink()
    del second["config.json"]
    commit = api.upload_folder(repo_id=repo_id, folder_path=folder / "model", delete_patterns="config.json")
    api.create_tag(repo_id, tag="v2")

    assert pulled(repo_id, "v1", folder / "cache 1") == first
    assert pulled(repo_id, "v2", folder / "cache 2") == second
    assert pulled(repo_id, commit.oid, folder / "cache 3") == second
    assert sorted(api.list_repo_files(repo_id)) == sorted([".gitattributes", *second])
    assert {tag.name for tag in api.list_repo_refs(repo_id).tags} == {"v1", "v2"}
    assert [entry.title for entry in api.list_repo_commits(repo_id)][1] == "version 1"


def questions(api: HfApi, repo_id: str) -> None:
    """What the Hub tells about the repository."""
    info = api.model_info(repo_id, files_metadata=True)
    large = next(sibling for sibling in info.siblings if sibling.rfilename == "model.safetensors")
    assert large.lfs is not None and large.size == 3_000_016
    assert info.sha == api.model_info(repo_id, revision="v2").sha != api.model_info(repo_id, revision="v1").sha
    assert info.pipeline_tag == "text-classification" and "license:apache-2.0" in info.tags
    assert ModelCard.load(repo_id).data.license == "apache-2.0"
    [notes] = api.get_paths_info(repo_id, "nested/notes on a file.txt", expand=True)
    assert notes.last_commit.title == "version 1"
    assert {entry.path for entry in api.list_repo_tree(repo_id, "nested")} == {"nested/notes on a file.txt"}
    assert api.whoami()["name"] == repo_id.split("/")[0]


def refusals(api: HfApi, repo_id: str, folder: Path) -> None:
    """What is not there, and what is not allowed, is the error that Python's users know."""
    refused(EntryNotFoundError, hf_hub_download, repo_id, "none.json", cache_dir=folder / "cache 4")
    refused(RevisionNotFoundError, api.model_info, repo_id, revision="none")
    refused(RepositoryNotFoundError, api.model_info, f"{repo_id}-none")
    refused(RepositoryNotFoundError, api.model_info, f"{repo_id}-none", token=False)
    conflict = refused(HfHubHTTPError, api.create_tag, repo_id, tag="v1")
    assert conflict.response.status_code == 409
    wrong = HfApi(token="hf_wrong")
    assert "Invalid credentials" in str(refused(HfHubHTTPError, wrong.create_repo, f"{repo_id}-other"))
    old = api.list_repo_commits(repo_id)[1].commit_id
    late = refused(
        HfHubHTTPError,
        api.upload_file,
        path_or_fileobj=b"late",
        path_in_repo="late.txt",
        repo_id=repo_id,
        parent_commit=old,
    )
    assert late.response.status_code == 412
    assert not api.file_exists(repo_id, "late.txt")


def pull_requests(api: HfApi, repo_id: str) -> None:
    """A change is proposed, looked at, gone on with, and merged; another one is closed."""
    api.create_branch(repo_id, branch="dev")
    proposed = api.upload_file(
        path_or_fileobj=b"proposed",
        path_in_repo="proposed.txt",
        repo_id=repo_id,
        commit_message="a proposal",
        create_pr=True,
    )
    assert (proposed.pr_num, proposed.pr_revision) == (1, "refs/pr/1")
    api.upload_file(path_or_fileobj=b"more", path_in_repo="more.txt", repo_id=repo_id, revision="refs/pr/1")
    refs = api.list_repo_refs(repo_id, include_pull_requests=True)
    assert [ref.ref for ref in refs.pull_requests] == ["refs/pr/1"]
    assert {ref.name for ref in refs.branches} == {"main", "dev"}
    assert not api.file_exists(repo_id, "proposed.txt")
    assert api.file_exists(repo_id, "more.txt", revision="refs/pr/1")
    api.comment_discussion(repo_id, 1, "looks right")
    details = api.get_discussion_details(repo_id, 1)
    assert details.is_pull_request and details.target_branch == "refs/heads/main" and not details.conflicting_files
    api.merge_pull_request(repo_id, 1)
    assert api.file_exists(repo_id, "proposed.txt") and api.file_exists(repo_id, "more.txt")
    empty = api.create_pull_request(repo_id, title="another one")
    api.change_discussion_status(repo_id, empty.num, "closed")
    statuses = {discussion.num: discussion.status for discussion in api.get_repo_discussions(repo_id)}
    assert statuses == {1: "merged", 2: "closed"}


def search(api: HfApi, repo_id: str) -> None:
    """What there is, by name, author and tag."""
    owner = repo_id.split("/")[0]
    assert repo_id in [info.id for info in api.list_models(author=owner, pipeline_tag="text-classification")]
    assert [info.id for info in api.list_models(search="from-python", filter="license:mit")] == []


def command_line(repo_id: str, folder: Path) -> None:
    """The `hf` command, beside this Python."""

    def hf(*args: str) -> str:
        command = [str(Path(sys.executable).with_name("hf")), *args]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    (folder / "by command").mkdir()
    (folder / "by command" / "note.txt").write_text("by the command line")
    assert repo_id.split("/")[0] in hf("auth", "whoami")
    hf("upload", f"{repo_id}-cli", str(folder / "by command"), ".", "--commit-message", "by the command")
    hf("download", f"{repo_id}-cli", "note.txt", "--local-dir", str(folder / "downloaded"))
    assert (folder / "downloaded" / "note.txt").read_text() == "by the command line"


def data_sets(api: HfApi, repo_id: str) -> None:
    """Splits of a data set come back as they were pushed, whole or in part; files that somebody uploaded are read too."""
    reviews = {"text": [f"review {row}" for row in range(100)], "label": [row % 2 for row in range(100)]}
    whole = Dataset.from_dict(reviews)
    DatasetDict(train=whole, test=whole.select(range(10))).push_to_hub(f"{repo_id}-reviews")
    assert get_dataset_split_names(f"{repo_id}-reviews") == ["train", "test"]
    assert load_dataset(f"{repo_id}-reviews", split="train").to_dict() == reviews
    streamed = load_dataset(f"{repo_id}-reviews", split="test", streaming=True)
    assert [row["text"] for row in streamed] == reviews["text"][:10]
    lines = "\n".join(json.dumps({"text": text, "label": 1}) for text in ["good", "great"])
    api.create_repo(f"{repo_id}-lines", repo_type="dataset")
    api.upload_file(
        path_or_fileobj=lines.encode(),
        path_in_repo="train.jsonl",
        repo_id=f"{repo_id}-lines",
        repo_type="dataset",
    )
    assert load_dataset(f"{repo_id}-lines", split="train")["text"][:] == ["good", "great"]


def spaces(api: HfApi, repo_id: str, folder: Path) -> None:
    """A static Space is made, uploaded, told of and found."""
    space = f"{repo_id}-demo"
    card = f"---\ntitle: A demo\nsdk: static\nmodels: [{repo_id}]\n---\n"
    refused(ValueError, api.create_repo, space, repo_type="space")
    url = api.create_repo(space, repo_type="space", space_sdk="static")
    assert (url.repo_type, url.repo_id) == ("space", space)
    (folder / "demo").mkdir()
    (folder / "demo" / "index.html").write_text("<!doctype html><title>A demo</title>")
    (folder / "demo" / "README.md").write_text(card)
    api.upload_folder(repo_id=space, repo_type="space", folder_path=folder / "demo")
    info = api.space_info(space)
    assert (info.sdk, info.models, info.runtime.stage) == ("static", [repo_id], "RUNNING")
    assert info.host.startswith(f"http://{info.subdomain}.static.localhost:")
    assert [found.id for found in api.list_spaces(author=space.split("/")[0])] == [space]
    again = hf_hub_download(space, "index.html", repo_type="space", cache_dir=folder / "cache 5")
    assert Path(again).read_text() == "<!doctype html><title>A demo</title>"


def settings(api: HfApi, repo_id: str) -> None:
    """A repository gets another name, is hidden, and is taken away."""
    api.move_repo(f"{repo_id}-cli", f"{repo_id}-moved")
    api.update_repo_settings(f"{repo_id}-moved", private=True)
    assert api.model_info(f"{repo_id}-moved").private
    refused(RepositoryNotFoundError, api.model_info, f"{repo_id}-moved", token=False)
    api.delete_repo(f"{repo_id}-moved")
    assert not api.repo_exists(f"{repo_id}-moved")


def main() -> None:
    [repo_id] = sys.argv[1:]
    api = HfApi()
    with tempfile.TemporaryDirectory() as name:
        push_and_pull(api, repo_id, Path(name))
        questions(api, repo_id)
        refusals(api, repo_id, Path(name))
        pull_requests(api, repo_id)
        search(api, repo_id)
        command_line(repo_id, Path(name))
        data_sets(api, repo_id)
        spaces(api, repo_id, Path(name))
        settings(api, repo_id)
    print("ok")


main()
