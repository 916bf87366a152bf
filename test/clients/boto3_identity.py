#!/usr/bin/env python3
"""Users and roles by boto3 against a running gateway; ends with 1 when anything is not as on AWS.

    npm start
    python3 test/clients/boto3_identity.py http://127.0.0.1:8787
"""

import datetime
import json
import sys
import urllib.request
import uuid

import boto3

ENDPOINT = sys.argv[1]
ACCOUNT = '000000000000'
# A session leaves nothing behind, but one that broke off may have.
MARK = uuid.uuid4().hex[:8]
PATH = '/boto3-%s/' % MARK
ROLE = 'boto3-' + MARK

differences = []


def check(what, actual, expected):
    is_same = actual == expected
    print('ok ' if is_same else 'DIFFERENT', what, '' if is_same else (actual, expected))
    if not is_same:
        differences.append(what)


def client(service, key='local', secret='local', token=None):
    return boto3.client(
        service, endpoint_url=ENDPOINT, region_name='us-east-1', aws_access_key_id=key,
        aws_secret_access_key=secret, aws_session_token=token)


def refusal(call, **parameters):
    try:
        call(**parameters)
    except Exception as error:
        return type(error).__name__, getattr(error, 'response', {}).get('Error', {}).get('Code')
    return None


def document(**statement):
    return {'Version': '2012-10-17', 'Statement': [statement]}


iam, sts = client('iam'), client('sts')
names = ['%s-%d' % (MARK, number) for number in range(3)]
for name in names:
    user = iam.create_user(UserName=name, Path=PATH)['User']
check('a user has its ARN', user['Arn'], 'arn:aws:iam::%s:user%s%s' % (ACCOUNT, PATH, names[2]))
check('and a date', isinstance(user['CreateDate'], datetime.datetime), True)
pages = iam.get_paginator('list_users').paginate(
    PathPrefix=PATH, PaginationConfig={'PageSize': 2})
listed = [[user['UserName'] for user in page['Users']] for page in pages]
check('users are listed page by page', listed, [names[:2], names[2:]])
check('a name is taken once', refusal(iam.create_user, UserName=names[0]),
      ('EntityAlreadyExistsException', 'EntityAlreadyExists'))
check('there is no other', refusal(iam.get_user, UserName=MARK),
      ('NoSuchEntityException', 'NoSuchEntity'))

policy = document(Effect='Allow', Action='iam:GetUser', Resource='*')
iam.put_user_policy(UserName=names[0], PolicyName='p', PolicyDocument=json.dumps(policy))
check('a policy comes back', iam.get_user_policy(UserName=names[0], PolicyName='p')['PolicyDocument'],
      policy)
check('and is listed', iam.list_user_policies(UserName=names[0])['PolicyNames'], ['p'])
check('what is no policy is refused',
      refusal(iam.put_user_policy, UserName=names[0], PolicyName='q', PolicyDocument='{}'),
      ('MalformedPolicyDocumentException', 'MalformedPolicyDocument'))

key = iam.create_access_key(UserName=names[0])['AccessKey']
own = client('iam', key['AccessKeyId'], key['SecretAccessKey'])
check('a user sees himself', own.get_user()['User']['UserName'], names[0])
check('and does no more', refusal(own.list_users), ('ClientError', 'AccessDenied'))
me = client('sts', key['AccessKeyId'], key['SecretAccessKey']).get_caller_identity()
check('anybody is told who he is', me['Arn'], 'arn:aws:iam::%s:user%s%s' % (ACCOUNT, PATH, names[0]))
check('keys stand in the way', refusal(iam.delete_user, UserName=names[0]),
      ('DeleteConflictException', 'DeleteConflict'))

trust = document(Effect='Allow', Principal={'AWS': me['Arn']}, Action='sts:AssumeRole')
role = iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(trust))['Role']
check('a trust policy comes back', iam.get_role(RoleName=ROLE)['Role']['AssumeRolePolicyDocument'],
      trust)
allowed = document(Effect='Allow', Action='logs:DescribeLogGroups', Resource='*')
iam.put_role_policy(RoleName=ROLE, PolicyName='p', PolicyDocument=json.dumps(allowed))
taken = client('sts', key['AccessKeyId'], key['SecretAccessKey']).assume_role(
    RoleArn=role['Arn'], RoleSessionName='boto3', DurationSeconds=900)
check('a role is taken on', taken['AssumedRoleUser']['Arn'],
      'arn:aws:sts::%s:assumed-role/%s/boto3' % (ACCOUNT, ROLE))
temporary = taken['Credentials']
credentials = temporary['AccessKeyId'], temporary['SecretAccessKey'], temporary['SessionToken']
check('and may what it may', 'logGroups' in client('logs', *credentials).describe_log_groups(), True)
check('and no more', refusal(client('kinesis', *credentials).list_streams)[1],
      'AccessDeniedException')
check('nor without its token', refusal(client('logs', *credentials[:2]).describe_log_groups)[1],
      'UnrecognizedClientException')

url = client('sts', *credentials).generate_presigned_url('get_caller_identity', HttpMethod='GET')
with urllib.request.urlopen(url) as response:
    check('a presigned URL proves who he is', b'assumed-role/%s/boto3' % ROLE.encode() in response.read(),
          True)

iam.delete_role_policy(RoleName=ROLE, PolicyName='p')
iam.delete_role(RoleName=ROLE)
iam.delete_user_policy(UserName=names[0], PolicyName='p')
iam.delete_access_key(UserName=names[0], AccessKeyId=key['AccessKeyId'])
for name in names:
    iam.delete_user(UserName=name)
check('nothing is left', iam.list_users(PathPrefix=PATH)['Users'], [])

print('%d differences' % len(differences))
sys.exit(1 if differences else 0)
