#!/usr/bin/env python3
"""A session with boto3 against a running gateway, that ends with 1 when anything is not as in 2014.

    npm start
    python3 test/clients/boto3_session.py http://127.0.0.1:8787

It uploads, changes, lists, invokes and deletes functions named boto3-session-*, sends everything
that boto3's own validation lets through and AWS refused, and prints what it does. It needs boto3
and nothing else: the model of API version 2014-11-11 is laid out in a temporary folder.
"""

import atexit
import io
import json
import os
import shutil
import sys
import tempfile
import time
import urllib.request
import uuid
import zipfile
from pathlib import Path

MODEL = Path(__file__).resolve().parents[2] / 'model' / 'lambda-2014-11-11.json'
ROLE = 'arn:aws:iam::000000000000:role/lambda'
PREFIX = 'boto3-session-'
# Its log outlives a function, so each session has a name of its own.
NAME = PREFIX + 'hello-' + uuid.uuid4().hex[:8]
REFUSED = '1 validation error detected: Value %s at %s failed to satisfy constraint: Member must '
NAME_PATTERN = 'satisfy regular expression pattern: [a-zA-Z0-9-_]+'
ROLE_PATTERN = r'satisfy regular expression pattern: arn:aws:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+'
HANDLER_PATTERN = r'satisfy regular expression pattern: [a-zA-Z0-9./\-_]+'

differences = []


def check(what, actual, expected):
    """Prints what was looked at; remembers it when it is not as expected."""
    is_same = actual == expected
    print('%-10s %s' % ('ok' if is_same else 'DIFFERENT', what))
    if not is_same:
        print('           got      %r\n           expected %r' % (actual, expected))
        differences.append(what)


def zip_of(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, 'w', zipfile.ZIP_DEFLATED) as package:
        for name, source in files.items():
            package.writestr(name, source)
    return buffer.getvalue()


def constraint(value, member, text):
    """AWS's sentence for one violated constraint."""
    return REFUSED % ("'%s'" % value, "'%s'" % member) + text


def make_clients(endpoint):
    # botocore looks for models where AWS_DATA_PATH pointed when it was first asked.
    folder = tempfile.mkdtemp(prefix='boto3-session-')
    atexit.register(shutil.rmtree, folder)
    version = Path(folder, 'lambda', '2014-11-11')
    version.mkdir(parents=True)
    shutil.copy(MODEL, version / 'service-2.json')
    os.environ['AWS_DATA_PATH'] = folder
    import boto3
    from botocore.config import Config

    session = boto3.Session(
        aws_access_key_id=os.environ.get('AWS_ACCESS_KEY_ID', 'local'),
        aws_secret_access_key=os.environ.get('AWS_SECRET_ACCESS_KEY', 'local'),
        region_name=os.environ.get('AWS_DEFAULT_REGION', 'us-east-1'),
    )

    def client(service, **options):
        config = Config(retries={'max_attempts': 0}, **options)
        version = {'api_version': '2014-11-11'} if service == 'lambda' else {}
        return session.client(service, endpoint_url=endpoint, config=config, **version)

    return client('lambda'), client('lambda', parameter_validation=False), client('logs')


def refusal(call, **parameters):
    """Status, code and text of the error that a call ends in."""
    from botocore.exceptions import ClientError

    try:
        call(**parameters)
    except ClientError as error:
        answer = error.response
        text = answer['Error'].get('Message') or answer.get('message')
        return answer['ResponseMetadata']['HTTPStatusCode'], answer['Error']['Code'], text
    return 'no error', None, None


def functions(client):
    """The functions of this session, page by page."""
    names, marker, pages = [], {}, 0
    while True:
        page = client.list_functions(MaxItems=2, **marker)
        pages += 1
        names += [one['FunctionName'] for one in page['Functions']]
        if 'NextMarker' not in page:
            return [name for name in names if name.startswith(PREFIX)], pages
        marker = {'Marker': page['NextMarker']}


def lifecycle(client, package, required):
    created = client.upload_function(FunctionName=NAME, FunctionZip=package, **required)
    metadata = created.pop('ResponseMetadata')
    check('UploadFunction answers 201', metadata['HTTPStatusCode'], 201)
    check('a request id comes with it', len(metadata['RequestId']), 36)
    check(
        'it has the defaults of 2014',
        {key: created[key] for key in ('Description', 'Timeout', 'MemorySize', 'CodeSize')},
        {'Description': '', 'Timeout': 3, 'MemorySize': 128, 'CodeSize': len(package)},
    )
    check('its ARN is FunctionARN', created['FunctionARN'].endswith(':function:' + NAME), True)
    shown = client.get_function_configuration(FunctionName=NAME)
    shown.pop('ResponseMetadata')
    check('GetFunctionConfiguration shows the same', shown, created)
    got = client.get_function(FunctionName=NAME)
    check('GetFunction shows the same', got['Configuration'], created)
    check('RepositoryType', got['Code']['RepositoryType'], 'S3')
    with urllib.request.urlopen(got['Code']['Location']) as download:
        check('its Location gives the zip back', download.read() == package, True)

    changed = client.update_function_configuration(
        FunctionName=NAME, Timeout=60, MemorySize=1024, Description='é & +', Role=ROLE + '/a+b'
    )
    check(
        'UpdateFunctionConfiguration changes what it is given',
        {key: changed[key] for key in ('Timeout', 'MemorySize', 'Description', 'Role', 'Handler')},
        dict(Timeout=60, MemorySize=1024, Description='é & +', Role=ROLE + '/a+b',
             Handler='index.handler'),
    )
    check('and makes a new ConfigurationId',
          changed['ConfigurationId'] != created['ConfigurationId'], True)
    replaced = client.upload_function(
        FunctionName=NAME, FunctionZip=io.BytesIO(package), Description='', **required
    )
    check('UploadFunction, of a file object, replaces everything',
          (replaced['Timeout'], replaced['Description'], replaced['Role']), (3, '', ROLE))


def lists(client, package, required):
    for letter in 'edcba':
        client.upload_function(FunctionName=PREFIX + letter, FunctionZip=package, **required)
    names, pages = functions(client)
    expected = [PREFIX + letter for letter in 'abcde'] + [NAME]
    check('ListFunctions gives every function once, in order', names, expected)
    check('in pages of MaxItems', pages >= 3, True)
    first = client.list_functions(MaxItems=2)
    for letter in 'abcde':
        client.delete_function(FunctionName=PREFIX + letter)
    rest = client.list_functions(Marker=first['NextMarker'], MaxItems=10000)['Functions']
    check('a Marker outlives what it stood behind',
          NAME in [one['FunctionName'] for one in rest], True)


def invocation(client, logs):
    event = '{"name":"boto3","n":12345678901234567890}'
    forms = {'text': event, 'bytes': event.encode(), 'a file': io.BytesIO(event.encode())}
    for form, arguments in forms.items():
        answer = client.invoke_async(FunctionName=NAME, InvokeArgs=arguments)
        check('InvokeAsync with %s' % form, answer['Status'], 202)
    for value in ('null', '1', '"x"', '[]', json.dumps('x' * (1024 * 1024 - 2))):
        answer = client.invoke_async(FunctionName=NAME, InvokeArgs=value)
        check('InvokeAsync with %.20s' % value, answer['Status'], 202)
    messages = []
    give_up_at = time.monotonic() + 30
    while sum(text.startswith('REPORT') for text in messages) < 8 and time.monotonic() < give_up_at:
        try:
            found = logs.filter_log_events(logGroupName='/aws/lambda/' + NAME)
            messages = [one['message'] for one in found['events']]
        except logs.exceptions.ResourceNotFoundException:
            pass
        time.sleep(0.1)
    for word, count in (('START', 8), ('END', 8), ('REPORT', 8)):
        check('its log has %s of each event' % word,
              sum(text.startswith(word) for text in messages), count)
    check('and what the function printed',
          sum('\tHello, boto3' in text for text in messages), 3)


def refusals(client, unchecked, package, required):
    invalid, content = 'InvalidParameterValueException', 'InvalidRequestContentException'

    def upload(**changes):
        parameters = {'FunctionName': NAME, 'FunctionZip': package, **required, **changes}
        return refusal(client.upload_function, **parameters)

    def update(**changes):
        return refusal(client.update_function_configuration, FunctionName=NAME, **changes)

    for what, answer, value, member, text in (
        ('a name with a blank', upload(FunctionName='a b'), 'a b', 'functionName', NAME_PATTERN),
        ('a name with a slash', upload(FunctionName='a/b'), 'a/b', 'functionName', NAME_PATTERN),
        ('a name of 65', upload(FunctionName='x' * 65), 'x' * 65, 'functionName',
         'have length less than or equal to 64'),
        ('another Runtime', upload(Runtime='python'), 'python', 'runtime',
         'satisfy enum value set: [nodejs]'),
        ('another Mode', upload(Mode='sync'), 'sync', 'mode', 'satisfy enum value set: [event]'),
        ('a Role that is none', upload(Role='worker'), 'worker', 'role', ROLE_PATTERN),
        ('a Handler with a blank', upload(Handler='a b.c'), 'a b.c', 'handler', HANDLER_PATTERN),
        ('a Description of 257', upload(Description='x' * 257), 'x' * 257, 'description',
         'have length less than or equal to 256'),
        ('a Timeout of 61', upload(Timeout=61), '61', 'timeout',
         'have value less than or equal to 60'),
        ('a MemorySize of 1088', upload(MemorySize=1088), '1088', 'memorySize',
         'have value less than or equal to 1024'),
        ('a MemorySize of 200', upload(MemorySize=200), '200', 'memorySize',
         'be a multiple of 64'),
        ('a new Role that is none', update(Role='x'), 'x', 'role', ROLE_PATTERN),
        ('a new Timeout of 61', update(Timeout=61), '61', 'timeout',
         'have value less than or equal to 60'),
        ('MaxItems of 10001', refusal(client.list_functions, MaxItems=10001), '10001', 'maxItems',
         'have value less than or equal to 10000'),
        ('a Timeout of 0', refusal(unchecked.update_function_configuration, FunctionName=NAME,
                                   Timeout=0), '0', 'timeout',
         'have value greater than or equal to 1'),
        ('a MemorySize of 0', refusal(unchecked.update_function_configuration, FunctionName=NAME,
                                      MemorySize=0), '0', 'memorySize',
         'have value greater than or equal to 64'),
        ('MaxItems of 0', refusal(unchecked.list_functions, MaxItems=0), '0', 'maxItems',
         'have value greater than or equal to 1'),
    ):
        check(what + ' is refused', answer, (400, invalid, constraint(value, member, text)))

    small = unchecked.update_function_configuration(FunctionName=NAME, MemorySize=64)
    check('a MemorySize of 64, as at launch, is taken', small['MemorySize'], 64)
    unzip = 'Could not unzip uploaded file. Please check your file, then try to upload again.'
    check('what is no zip is refused', upload(FunctionZip=b'no zip'), (400, invalid, unzip))
    check('an empty zip is refused', upload(FunctionZip=b''), (400, invalid, unzip))
    check('a Marker that is none is refused', refusal(client.list_functions, Marker='x')[:2],
          (400, invalid))
    for event in (b'{"a":', b'', b"{'a':1}", b'\xff'):
        status, code, text = refusal(client.invoke_async, FunctionName=NAME, InvokeArgs=event)
        check('the event %r is refused' % event,
              (status, code, (text or '')[:39]),
              (400, content, 'Could not parse request body into json:'))


def strangers(client):
    stranger = PREFIX + 'nobody'
    for operation, more in (
        ('get_function', {}),
        ('get_function_configuration', {}),
        ('update_function_configuration', {'Timeout': 5}),
        ('invoke_async', {'InvokeArgs': '{}'}),
        ('delete_function', {}),
    ):
        status, code, text = refusal(getattr(client, operation), FunctionName=stranger, **more)
        check('%s of an unknown function' % operation,
              (status, code, (text or '').split(':arn')[0].split(' arn')[0]),
              (404, 'ResourceNotFoundException', 'Function not found:'))


def deletion(client):
    answer = client.delete_function(FunctionName=NAME)
    check('DeleteFunction answers 204', answer['ResponseMetadata']['HTTPStatusCode'], 204)
    check('and the function is gone', functions(client)[0], [])


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    client, unchecked, logs = make_clients(sys.argv[1])
    package = zip_of({
        'index.js': "exports.handler = function (event, context) {\n"
                    "  console.log('Hello, ' + (event && event.name))\n"
                    "  context.done()\n"
                    "}\n",
    })
    required = dict(Runtime='nodejs', Role=ROLE, Handler='index.handler', Mode='event')
    for name in functions(client)[0]:
        client.delete_function(FunctionName=name)
    lifecycle(client, package, required)
    lists(client, package, required)
    invocation(client, logs)
    refusals(client, unchecked, package, required)
    strangers(client)
    deletion(client)
    print('%d differences' % len(differences))
    return 1 if differences else 0


if __name__ == '__main__':
    sys.exit(main())
