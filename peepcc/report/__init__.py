"""What a build tells about itself: explanation for people, a file of JSON Lines for machines, a note in the object."""
