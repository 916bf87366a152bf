import type { Gateway } from './gateway.ts'
import type { Output } from './output.ts'
import { upload, type FunctionSettings } from './upload.ts'
import { sizeText, zipFolder } from './zip-folder.ts'

/** Uploads a folder as a function. Nothing is invoked. */
export async function deploy(
  gateway: Gateway,
  output: Output,
  folder: string,
  functionName: string,
  settings: FunctionSettings,
): Promise<void> {
  const zip = await zipFolder(folder, (done, total) => output.progress('Zipping', done, total))
  output.remark(`Uploading ${sizeText(zip.length)} …`)
  const configuration = await upload(gateway, functionName, zip, settings)
  if (output.isJson) {
    output.line(JSON.stringify(configuration, null, 2))
    return
  }
  const { FunctionARN, ConfigurationId, CodeSize, LastModified } = configuration
  output.line(`${FunctionARN} is deployed`)
  output.line(`Version:   ${ConfigurationId}`)
  output.line(`Code:      ${CodeSize} bytes`)
  output.line(`Modified:  ${LastModified}`)
}
