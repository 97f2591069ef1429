// The runtime formats numbers with ceil(3): the one function for which the program would need libm, and every guest would map that library
// for it (a few hundred kilobytes of resident memory, and a good part of the time to start). C, because it is for the linker.
double ceil(double value)
{
    // From 2^52 on every double is whole; so are infinity and NaN, as far as this goes.
    if (!(value > -4503599627370496.0 && value < 4503599627370496.0))
        return value;

    double whole = (double)(long long)value;
    if (whole < value)
        whole += 1;

    // The sign of zero is that of the value.
    return whole == 0 ? __builtin_copysign(0.0, value) : whole;
}
