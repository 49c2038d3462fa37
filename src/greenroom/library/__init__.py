"""What an interview is made of: roles, competencies, bank items, personas, rubrics and drills, all as data."""
