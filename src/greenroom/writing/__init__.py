"""Questions that a model writes for a person, who looks at them before they are kept."""
