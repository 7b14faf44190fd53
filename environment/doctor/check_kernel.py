"""Starts the kernel, asks it who it is, and ends it: prints `implementation, language version`."""

from jupyter_client import KernelManager

manager = KernelManager(kernel_name="tslab")
manager.start_kernel()
client = manager.client()
client.start_channels()
try:
    client.wait_for_ready(timeout=60)
    info = client.kernel_info(reply=True, timeout=10)["content"]
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
print(f"{info['implementation']} {info['implementation_version']}, TypeScript {info['language_info']['version']}")
