from . import test_canvas
from . import test_canvas_check
from . import test_canvas_edit
from . import test_canvas_screen
from . import test_canvas_undo
from . import test_doors
from . import test_mail_picture
from . import test_unit
