from . import document, engagement, enroll_webhook, sender, sms, unsubscribe
