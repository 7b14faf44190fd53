"""Pushes to a Hub with Python's huggingface_hub, pulls it back and compares: `hub_client.py NAMESPACE/NAME`.

HF_ENDPOINT and HF_TOKEN say where and who; HF_HUB_DISABLE_XET=1 must be set before this starts, for an embedded Hub has no Xet.
"""

import os
import sys
import tempfile
from pathlib import Path

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


def main() -> None:
    [repo_id] = sys.argv[1:]
    api = HfApi()
    with tempfile.TemporaryDirectory() as name:
        push_and_pull(api, repo_id, Path(name))
        questions(api, repo_id)
        refusals(api, repo_id, Path(name))
    print("ok")


main()
