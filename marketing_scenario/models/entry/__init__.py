from . import entry
from . import put_back
from . import api
from . import rejection
from . import summary
from . import query
from . import token
from . import server_action
