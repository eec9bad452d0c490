"""What the campaign `pairs` is made of: templates, and a machine that shows wrong ones to be wrong."""
