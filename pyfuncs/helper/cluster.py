"""Workers on other machines: a Dask cluster that others keep, taken as an ordinary executor."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager

LOCAL = "local"
_AGAIN = 3                                            # goes at a chunk whose worker died
_WAIT = 30                                            # seconds for the scheduler to answer


class ClusterError(Exception):
    """The cluster can't be used; the message says why and what to do."""


@contextmanager
def cluster_executor(address: str, workers: int = 2) -> Iterator[Executor]:
    """Runs calls on the Dask scheduler at `address` (tcp://主机:8786), or on `workers` processes of this machine (local).

    A chunk whose worker died is given to another one. Raises ClusterError.
    """
    try:
        from dask.distributed import Client, LocalCluster
    except ImportError:
        raise ClusterError("用集群要多装一个组件；请先安装 jixiao[cluster]") from None
    with ExitStack() as stack:
        try:
            target = address
            if address == LOCAL:
                target = stack.enter_context(LocalCluster(n_workers=workers, threads_per_worker=1, processes=True,
                                                          dashboard_address=None))
            client = stack.enter_context(Client(target, timeout=_WAIT, set_as_default=False))
        except (OSError, ValueError, TimeoutError) as error:
            raise ClusterError(f"连不上集群 {address}：{error}；请检查地址（例如 tcp://主机:8786）和调度程序是否开着") from None
        executor = client.get_executor(retries=_AGAIN, pure=False)
        try:
            yield executor
        except BaseException:
            executor.shutdown(wait=False)             # what is not done is given up
            raise
        executor.shutdown()
