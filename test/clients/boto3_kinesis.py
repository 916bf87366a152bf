#!/usr/bin/env python3
"""Streams with boto3 against a running gateway; ends with 1 when anything is not as in Kinesis.

    npm start
    python3 test/clients/boto3_kinesis.py http://127.0.0.1:8787
"""

import sys
import uuid
from datetime import datetime, timezone

import boto3
from botocore.config import Config

NAME = 'boto3-' + uuid.uuid4().hex[:8]
differences = []


def check(what, actual, expected):
    """Prints what was looked at; remembers it when it is not as expected."""
    is_same = actual == expected
    print('%-10s %s' % ('ok' if is_same else 'DIFFERENT', what))
    if not is_same:
        print('           got      %r\n           expected %r' % (actual, expected))
        differences.append(what)


def refused(call, **arguments):
    """The code of the error that a call is answered with."""
    try:
        call(**arguments)
    except kinesis.exceptions.ClientError as error:
        return error.response['Error']['Code']
    return None


kinesis = boto3.client(
    'kinesis', endpoint_url=sys.argv[1], region_name='us-east-1',
    aws_access_key_id='local', aws_secret_access_key='local',
    config=Config(retries={'max_attempts': 0}))

kinesis.create_stream(StreamName=NAME, ShardCount=4)
kinesis.get_waiter('stream_exists').wait(StreamName=NAME)
check('create twice', refused(kinesis.create_stream, StreamName=NAME, ShardCount=4),
      'ResourceInUseException')
description = kinesis.describe_stream(StreamName=NAME)['StreamDescription']
check('status', description['StreamStatus'], 'ACTIVE')
check('shards', [shard['ShardId'] for shard in description['Shards']],
      ['shardId-%012d' % index for index in range(4)])
age = datetime.now(timezone.utc) - description['StreamCreationTimestamp']
check('creation time', abs(age.total_seconds()) < 60, True)
summary = kinesis.describe_stream_summary(StreamName=NAME)['StreamDescriptionSummary']
check('open shards', summary['OpenShardCount'], 4)
check('list_shards', len(kinesis.list_shards(StreamName=NAME)['Shards']), 4)
names = [name for page in kinesis.get_paginator('list_streams').paginate(PaginationConfig={'PageSize': 1})
         for name in page['StreamNames']]
check('list_streams', NAME in names, True)

before = datetime.now(timezone.utc)
keys = ['key %d' % n for n in range(499)] + ['schlüssel']
answer = kinesis.put_records(
    StreamName=NAME,
    Records=[{'PartitionKey': key, 'Data': b'\x00\xff' + key.encode()} for key in keys])
check('failed', answer['FailedRecordCount'], 0)
shard_of = {key: record['ShardId'] for key, record in zip(keys, answer['Records'])}
check('shards hit', len(set(shard_of.values())), 4)
one = kinesis.put_record(StreamName=NAME, PartitionKey='key 0', Data=b'again')
check('same key, same shard', one['ShardId'], shard_of['key 0'])

seen = 0
for shard in description['Shards']:
    iterator = kinesis.get_shard_iterator(
        StreamName=NAME, ShardId=shard['ShardId'], ShardIteratorType='TRIM_HORIZON')['ShardIterator']
    records = []
    while True:
        page = kinesis.get_records(ShardIterator=iterator, Limit=70)
        if not page['Records']:
            break
        records += page['Records']
        iterator = page['NextShardIterator']
    check('behind', page['MillisBehindLatest'], 0)
    numbers = [record['SequenceNumber'] for record in records]
    check('order', numbers, sorted(numbers))
    wanted = [key for key in keys if shard_of[key] == shard['ShardId']]
    if shard['ShardId'] == one['ShardId']:
        wanted.append('key 0')
        check('data', records[-1]['Data'], b'again')
        check('number', records[-1]['SequenceNumber'], one['SequenceNumber'])
    check('keys', [record['PartitionKey'] for record in records], wanted)
    check('binary data', records[0]['Data'], b'\x00\xff' + records[0]['PartitionKey'].encode())
    arrived = records[0]['ApproximateArrivalTimestamp']
    check('arrival', abs((arrived - before).total_seconds()) < 60, True)
    since = kinesis.get_shard_iterator(
        StreamName=NAME, ShardId=shard['ShardId'], ShardIteratorType='AT_TIMESTAMP',
        Timestamp=arrived)['ShardIterator']
    check('since', len(kinesis.get_records(ShardIterator=since)['Records']), len(records))
    seen += len(records)
check('all', seen, 501)

check('iterator', refused(kinesis.get_records, ShardIterator='nonsense'), 'InvalidArgumentException')
check('unknown shard', refused(
    kinesis.get_shard_iterator, StreamName=NAME, ShardId='shardId-000000000009',
    ShardIteratorType='LATEST'), 'ResourceNotFoundException')
check('too much', refused(
    kinesis.put_records, StreamName=NAME,
    Records=[{'PartitionKey': 'a', 'Data': bytes(1024 * 1024)}] * 5), 'InvalidArgumentException')
check('too long', refused(
    kinesis.put_record, StreamName=NAME, PartitionKey='a', Data=bytes(1024 * 1024 + 1)),
    'ValidationException')
kinesis.delete_stream(StreamName=NAME)
kinesis.get_waiter('stream_not_exists').wait(StreamName=NAME)
check('put after delete', refused(
    kinesis.put_record, StreamName=NAME, PartitionKey='a', Data=b''), 'ResourceNotFoundException')

print('%d differences' % len(differences))
sys.exit(1 if differences else 0)
