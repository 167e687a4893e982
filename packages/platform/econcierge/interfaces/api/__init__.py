"""`/api/v1/`: what customers' and dealers' programmes and the desktop application are told and may ask."""
