"""Why the system refused something, in words: the errors of files, folders and devices that people meet."""

import errno

from archives.message import Message, message

_REASONS = {
    errno.ENOENT: message("没有这个文件或文件夹", "no such file or folder"),
    errno.EACCES: message("没有权限", "permission denied"),
    errno.EPERM: message("系统不允许", "the system does not permit it"),
    errno.EEXIST: message("已经存在", "it is there already"),
    errno.ENOTDIR: message("路径中有一段不是文件夹", "a part of the path is no folder"),
    errno.EISDIR: message("这是一个文件夹", "it is a folder"),
    errno.ENOTEMPTY: message("文件夹不是空的", "the folder is not empty"),
    errno.ELOOP: message("路径中有符号链接", "there is a symbolic link on the way"),
    errno.ENAMETOOLONG: message("名称太长", "the name is too long"),
    errno.EINVAL: message("名称或内容不被接受", "the name or the content is not accepted"),
    errno.EIO: message("设备读写出错", "input/output error"),
    errno.ENXIO: message("没有这个设备", "no such device"),
    errno.ENODEV: message("没有这个设备", "no such device"),
    errno.ESTALE: message("网络文件系统上的文件已失效", "the file of a network file system is stale"),
    errno.ENOSPC: message("空间已满", "no space left"),
    errno.EDQUOT: message("超出配额", "the quota is used up"),
    errno.EFBIG: message("文件太大", "the file is too large"),
    errno.EROFS: message("只读，不能写入", "read-only"),
    errno.EMFILE: message("打开的文件太多", "too many open files"),
    errno.ENFILE: message("打开的文件太多", "too many open files"),
    errno.EBUSY: message("正在使用中", "it is in use"),
    errno.EXDEV: message("不在同一个文件系统上", "it is on another file system"),
    errno.EPIPE: message("对方已关闭", "the other end is closed"),
    errno.ECONNREFUSED: message("连接被拒绝", "connection refused"),
    errno.ETIMEDOUT: message("等待超时", "it took too long"),
}


def reason_of(cause: Exception) -> Message:
    """Return why something failed: an error of the system, or of letters, in our words, any other in its own."""
    if isinstance(cause, UnicodeDecodeError):
        return message("不是 {encoding} 编码", "it is not in {encoding}", encoding=cause.encoding)
    known = _REASONS.get(cause.errno or 0) if isinstance(cause, OSError) else None
    words = (cause.strerror if isinstance(cause, OSError) else None) or str(cause)
    return known or message("{words}", "{words}", words=words)
