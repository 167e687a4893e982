"""The free extended service of one printer: enrolment, dated terms, evidence and every decision with its reasons."""
