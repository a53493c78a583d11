"""The verdict on whether messages and calls will arrive at a phone number."""
