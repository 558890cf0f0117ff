"""Behind the staff door: cards in the group, details for whoever took something. In Bulgarian."""
