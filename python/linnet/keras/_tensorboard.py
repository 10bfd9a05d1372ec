"""Event files for TensorBoard: scalars of training."""

import os
import socket
import struct
import time

from .. import _core

_POLYNOMIAL = 0x82F63B78  # CRC-32C, reflected


def _table():
    table = []
    for i in range(256):
        for _ in range(8):
            i = i >> 1 ^ (_POLYNOMIAL if i & 1 else 0)
        table.append(i)
    return table


_TABLE = _table()


def _checksum(data):
    """The masked CRC-32C of the record format."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


# --- Protocol buffers: only what events need ------------------------------------------------------


def _varint(n):
    n &= (1 << 64) - 1
    out = bytearray()
    while n > 0x7F:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    return bytes(out) + bytes([n])


def _integer(field, n):
    return _varint(field << 3) + _varint(n)


def _text(field, data):
    data = data.encode() if isinstance(data, str) else data
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _double(field, x):
    return _varint(field << 3 | 1) + struct.pack("<d", x)


def _scalar_summary(tag, value):
    """Summary { value { tag, metadata { plugin scalars }, tensor { float } } }."""
    plugin = _text(1, _text(1, "scalars")) + _integer(4, 1)
    tensor = _integer(1, 1) + _text(2, b"") + _text(4, struct.pack("<f", value))
    return _text(1, _text(1, tag) + _text(9, plugin) + _text(8, tensor))


class EventWriter:
    """A file of events: `scalar` adds one."""

    _count = 0

    def __init__(self, folder):
        os.makedirs(folder, exist_ok=True)
        EventWriter._count += 1
        name = (f"events.out.tfevents.{int(time.time()):010d}.{socket.gethostname()}."
                f"{os.getpid()}.{EventWriter._count}.v2")
        self._file = open(os.path.join(folder, name), "ab")
        self._event(_text(3, "brain.Event:2"))

    def _event(self, content, step=0):
        data = _double(1, time.time()) + (_integer(2, step) if step else b"") + content
        length = struct.pack("<Q", len(data))
        self._file.write(length + struct.pack("<I", _checksum(length)) + data
                         + struct.pack("<I", _checksum(data)))

    def scalar(self, tag, value, step):
        self._event(_text(5, _scalar_summary(tag, float(value))), int(step))

    def flush(self):
        self._file.flush()

    def close(self):
        self._file.close()


class TensorBoard(_core.Callback):
    """Writes losses, metrics and the learning rate for TensorBoard: `train` and `validation` below
    log_dir, tags epoch_NAME (epochs count from 0), evaluation_NAME_vs_iterations, and with
    update_freq="batch" (or a number of batches) batch_NAME. Graphs, histograms and profiles are not written."""

    def __init__(self, log_dir="logs", histogram_freq=0, write_graph=True, write_images=False,
                 write_steps_per_second=False, update_freq="epoch", profile_batch=0,
                 embeddings_freq=0, embeddings_metadata=None):
        super().__init__()
        if not (update_freq in ("epoch", "batch") or isinstance(update_freq, int)):
            raise ValueError(f"TensorBoard: update_freq is 'epoch', 'batch' or a number, got "
                             f"{update_freq!r}")
        self.log_dir = os.fspath(log_dir)
        self.update_freq = 1 if update_freq == "batch" else update_freq
        self._writers, self._batches, self._training = {}, 0, False

    def _writer(self, name):
        if name not in self._writers:
            self._writers[name] = EventWriter(os.path.join(self.log_dir, name))
        return self._writers[name]

    def on_train_begin(self, logs=None):
        self._training, self._batches = True, 0

    def on_train_batch_end(self, batch, logs=None):
        self._batches += 1
        if self.update_freq == "epoch" or self._batches % self.update_freq:
            return
        for name, value in (logs or {}).items():
            self._writer("train").scalar(f"batch_{name}", value, self._batches - 1)

    def on_epoch_end(self, epoch, logs=None):
        for name, value in (logs or {}).items():
            if name.startswith("val_"):
                self._writer("validation").scalar(f"epoch_{name[4:]}", value, epoch)
                self._evaluated(name[4:], value)
            else:
                self._writer("train").scalar(f"epoch_{name}", value, epoch)
        if "learning_rate" not in (logs or {}):
            self._writer("train").scalar("epoch_learning_rate", self._rate(), epoch)
        for writer in self._writers.values():
            writer.flush()

    def _rate(self):
        optimizer = self.model.optimizer
        rate = optimizer.learning_rate
        return float(rate(optimizer.iterations) if callable(rate) else rate)

    def _evaluated(self, name, value):
        self._writer("validation").scalar(f"evaluation_{name}_vs_iterations", value,
                                          int(self.model.optimizer.iterations))

    def on_test_end(self, logs=None):
        if self._training:
            return  # on_epoch_end has the values
        for name, value in (logs or {}).items():
            self._evaluated(name, value)
        self._close()

    def on_train_end(self, logs=None):
        self._training = False
        self._close()

    def _close(self):
        for writer in self._writers.values():
            writer.close()
        self._writers = {}
