/** How long a URL that GetFunction answers is good for. */
export const CODE_URL_SECONDS = 600

/** Makes the URLs that GetFunction answers. */
export interface CodeUrls {
  /**
   * A URL for GET of this object and no other, good for CODE_URL_SECONDS. When the gateway serves
   * it itself, it is on `origin`, and good for HEAD as well.
   */
  presign(codeKey: string, origin: string): Promise<string>
}
