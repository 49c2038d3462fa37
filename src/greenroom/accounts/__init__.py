"""Who acts: users, organisations and the Actor every service call names."""
