from . import (
    add_people,
    add_step,
    automatism_test,
    check,
    delete_step,
    enroll,
    enrollment_act,
    mail_preview,
    move_step,
    reactivate,
)
