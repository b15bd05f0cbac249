"""Reports brought together: figures consolidated over a subtree, statements gathered by section, and a draft
document whose figures are references and whose sentences keep their sources.
"""
