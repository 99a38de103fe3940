#![doc = "Sovpalo."]
