import logging
import logging.handlers
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ...tools.seal import Sealed, is_sealed, sealed

DOORS = {
    "network": lambda: socket.create_connection(("127.0.0.1", 9), timeout=1),
    "name": lambda: socket.getaddrinfo("localhost", 80),
    "program": lambda: subprocess.run(["true"], check=False),
    "thread": lambda: threading.Thread(target=int).start(),
    "new file": lambda: Path(tempfile.gettempdir(), "marketing_seal").write_text("x"),
    "removal": lambda: Path(tempfile.gettempdir(), "marketing_seal").unlink(),
}


@tagged("post_install", "-at_install")
class TestSeal(BaseCase):
    def test_nothing_gets_out(self):
        for name, attempt in DOORS.items():
            with self.subTest(name), sealed(), self.assertRaises(Sealed):
                attempt()

    def test_what_stays_inside_is_free(self):
        with sealed():
            self.assertTrue(Path(__file__).read_text())
            self.assertTrue(is_sealed())
            with sealed():
                pass
            self.assertTrue(is_sealed(), "the inner seal does not break the outer one")
        self.assertFalse(is_sealed())

    def test_the_log_goes_on_in_a_new_file(self):
        """The old one was moved away meanwhile, as happens every night."""
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder, "server.log")
            handler = logging.handlers.WatchedFileHandler(log)
            self.addCleanup(handler.close)
            root = logging.getLogger()
            root.addHandler(handler)
            try:
                log.rename(f"{log}.1")
                with sealed():
                    logging.getLogger(__name__).info("After the rotation")
            finally:
                root.removeHandler(handler)
            self.assertIn("After the rotation", log.read_text())

    def test_other_threads_notice_nothing(self):
        begun, done, told = threading.Event(), threading.Event(), []

        def work():
            begun.wait(10)
            told.append(subprocess.run(["true"], check=False).returncode)
            done.set()

        worker = threading.Thread(target=work)
        worker.start()
        with sealed():
            begun.set()
            self.assertTrue(done.wait(10))
        worker.join()
        self.assertEqual(told, [0])

    def test_everything_is_open_again(self):
        with self.assertRaises(ZeroDivisionError), sealed():
            _ = 1 / 0
        self.assertEqual(subprocess.run(["true"], check=False).returncode, 0)
