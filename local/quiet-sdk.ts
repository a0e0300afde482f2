/** Imported before anything else: the SDK warns of Node 20 as it is loaded, which is nothing that a user can act on. */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
