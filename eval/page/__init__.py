"""The evaluation page: run a set, look at what failed, compare two runs, edit the questions. For this machine only."""
