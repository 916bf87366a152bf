import { Hono } from 'hono'
import { parseInput } from '../aws/input.ts'
import { queryParameters } from '../aws/query.ts'
import { ServiceError } from '../aws/service-error.ts'
import type { Front } from '../ports/front.ts'
import { permit, permitPassRole } from './access.ts'
import { clientOrigin } from './client-origin.ts'
import { deleteFunction } from './delete-function.ts'
import { getFunction } from './get-function.ts'
import { getFunctionConfiguration } from './get-function-configuration.ts'
import { invokeAsync } from './invoke-async.ts'
import { listFunctions } from './list-functions.ts'
import {
  FunctionPath,
  ListFunctionsRequest,
  UpdateFunctionConfigurationRequest,
  UploadFunctionRequest,
} from './shapes.ts'
import { updateFunctionConfiguration } from './update-function-configuration.ts'
import { uploadFunction } from './upload-function.ts'

/** Bodies of no length still have a type: so is the sample response in API_InvokeAsync.html. */
export const NO_CONTENT = { 'content-type': 'application/json' }

/**
 * The operation table of functions, mounted at `/2014-11-13/functions`. Parameters travel in the
 * path and the query; the only bodies are the zip and InvokeArgs. Routes have no trailing slash:
 * the app takes both forms. Who may not do a thing is told so before anything is looked up.
 */
export const functions = new Hono<Front>({ strict: false })
  .get('/', async (c) => {
    const input = parseInput(ListFunctionsRequest, queryParameters(c.req.url))
    permit(c, 'lambda:ListFunctions')
    return c.json(await listFunctions(c.get('ports'), input))
  })
  .put('/:FunctionName', async (c) => {
    const input = parseInput(UploadFunctionRequest, {
      ...queryParameters(c.req.url),
      ...c.req.param(),
    })
    permit(c, 'lambda:UploadFunction', input.FunctionName)
    permitPassRole(c, input.Role)
    return c.json(await uploadFunction(c.get('ports'), input, c.get('payload')), 201)
  })
  .get('/:FunctionName', async (c) => {
    const { FunctionName } = parseInput(FunctionPath, c.req.param())
    permit(c, 'lambda:GetFunction', FunctionName)
    const origin = clientOrigin(c.req.url, c.req.header('x-forwarded-proto'))
    return c.json(await getFunction(c.get('ports'), FunctionName, origin))
  })
  .delete('/:FunctionName', async (c) => {
    const { FunctionName } = parseInput(FunctionPath, c.req.param())
    permit(c, 'lambda:DeleteFunction', FunctionName)
    await deleteFunction(c.get('ports'), FunctionName)
    return c.body(null, 204, NO_CONTENT)
  })
  .get('/:FunctionName/configuration', async (c) => {
    const { FunctionName } = parseInput(FunctionPath, c.req.param())
    permit(c, 'lambda:GetFunctionConfiguration', FunctionName)
    return c.json(await getFunctionConfiguration(c.get('ports'), FunctionName))
  })
  .put('/:FunctionName/configuration', async (c) => {
    const input = parseInput(UpdateFunctionConfigurationRequest, {
      ...queryParameters(c.req.url),
      ...c.req.param(),
    })
    permit(c, 'lambda:UpdateFunctionConfiguration', input.FunctionName)
    if (input.Role !== undefined) permitPassRole(c, input.Role)
    return c.json(await updateFunctionConfiguration(c.get('ports'), input))
  })
  .post('/:FunctionName/invoke-async', async (c) => {
    const { FunctionName } = parseInput(FunctionPath, c.req.param())
    permit(c, 'lambda:InvokeAsync', FunctionName)
    const event = { requestId: c.get('requestId'), invokeArgs: c.get('body') }
    await invokeAsync(c.get('ports'), { functionName: FunctionName, ...event })
    return c.body(null, 202, NO_CONTENT)
  })
  .all('/', wrongMethod)
  .all('/:FunctionName', wrongMethod)
  .all('/:FunctionName/configuration', wrongMethod)
  .all('/:FunctionName/invoke-async', wrongMethod)

export function wrongMethod(c: { req: { method: string; path: string } }): never {
  const { method, path } = c.req
  throw new ServiceError('MethodNotAllowedException', `${path} has no operation ${method}`)
}

/** UploadFunction alone takes its body as it arrives; every other body is read before its route. */
export function streamsItsBody(method: string, path: string): boolean {
  return method === 'PUT' && /^\/2014-11-13\/functions\/[^/]+\/?$/.test(path)
}
