"""Is what the specs say what the documents and fact tables say?"""
