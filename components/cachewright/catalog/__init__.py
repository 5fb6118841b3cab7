"""What AWS allows and what a change does, as tables with their source.

Nothing here imports Pulumi or boto3, and no table is read before it is asked for.
"""
