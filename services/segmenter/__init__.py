"""segmenter: payment behaviour, the cascade, and who is in which segment."""
