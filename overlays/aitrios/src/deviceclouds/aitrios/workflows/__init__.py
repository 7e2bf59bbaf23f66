"""What takes several calls of the Console, as flows that sync and async clients share.

The methods are on the clients; here are the types of what they return: :class:`.images.ImageDownload`,
:class:`.images.SavedImage`, :class:`.uploads.RegisteredFiles`.
"""
